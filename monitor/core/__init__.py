"""The pure core: what is measured, decided and said, as values in and values out."""
