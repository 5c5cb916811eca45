"""Reports: sheets that rooms know how to fill, made in the background as CSV, XLSX or PDF and kept as files for a while."""
