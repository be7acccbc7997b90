"""Which folder of a data set is which described domain, also under another name of it."""

import difflib


def called(names: dict[str, str], there: set[str]) -> tuple[dict[str, str], list[str]]:
    """What to call the domain of every folder that is read, and what is wrong with the others.

    ``names`` are the description's. Of the folders that are ``there`` it may leave some out, but
    not one that seems to be meant.
    """
    aliases, rivals = _aliases(names, there)
    unread = there - names.keys() - aliases.keys() - rivals.keys()
    faults = [
        f"has domain {folder!r}, which is not read: state it beside {others}"
        for folder, others in rivals.items()
    ]
    # a domain without images may be meant, and a folder that is not read; hardly if they look alike
    faults += [
        f"has no domain {absent!r}, but has {near[0]!r}, which is not read"
        for absent in sorted(names.keys() - there - set(aliases.values()))
        if (near := difflib.get_close_matches(absent, unread, n=1, cutoff=0.7))
    ]
    return names | {folder: names[domain] for folder, domain in aliases.items()}, faults


def _aliases(names: dict[str, str], there: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The described domain of every folder with another name of it; and the folders that are not
    alone in this, with the other names: which to read is for the description to say."""
    # not above: the package of generated images imports what imports this
    from trainstudy.data.generated.domains import known

    meanings = {name: meaning for name in there | names.keys() if (meaning := known(name))}
    aliases, rivals = {}, {}
    for folder in sorted((there - names.keys()) & meanings.keys()):
        alike = {name for name in meanings if meanings[name] == meanings[folder]} - {folder}
        described = alike & names.keys()
        if len(described) == 1 and not alike & there:
            aliases[folder] = described.pop()
        elif described:
            rivals[folder] = " and ".join(map(repr, sorted(alike)))
    return aliases, rivals
