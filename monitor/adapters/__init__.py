"""One module per foreign library: everything that touches the outside."""
