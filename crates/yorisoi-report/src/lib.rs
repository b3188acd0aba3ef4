//! Pictures and pages: a study as one self-contained HTML file.
