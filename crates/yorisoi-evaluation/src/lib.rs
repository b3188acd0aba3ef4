//! Is it true? RATE/TOC, Qini, calibration, group effects and the verdict.
