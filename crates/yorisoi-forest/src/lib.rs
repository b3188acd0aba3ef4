//! How does a forest grow and answer? A generic histogram engine, its recipes and its variance.
