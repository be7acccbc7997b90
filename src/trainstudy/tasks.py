"""The three tasks in the order of every table, and the score by which each is compared, selected
and told in records: mIoU over 21 classes, mAP50, top-1, all in percent."""

MEASURES = {"seg": "mIoU", "det": "mAP50", "cls": "top1"}
TASKS = tuple(MEASURES)
