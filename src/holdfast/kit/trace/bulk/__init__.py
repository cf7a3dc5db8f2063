"""Bulk tables of a company's own systems: files of one folder, read fast, row by row accounted."""

from holdfast.kit.trace.bulk.finding import Found, find_files
from holdfast.kit.trace.bulk.folder import Outcome, import_folder
from holdfast.kit.trace.bulk.header import Wishes

__all__ = ["Found", "Outcome", "Wishes", "find_files", "import_folder"]
