"""The adapters: one module for each foreign library, operating-system service or file format."""
