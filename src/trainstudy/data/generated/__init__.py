"""Images generated from training images, read from a manifest and written with one.

A manifest is a CSV file with the columns of the published study: ``gen_path``, ``original_path``,
``name``, ``domain``, ``dataset``, ``target_domain``. Generated images keep the labels of their
originals.
"""

from trainstudy.data.generated.reading import Generated, read
from trainstudy.data.generated.report import ManifestError, Problem, Report
from trainstudy.data.generated.writing import write

__all__ = ["Generated", "ManifestError", "Problem", "Report", "read", "write"]
