"""A person's own data: bounded readers, and the shelf on which they lie while somebody holds them."""
