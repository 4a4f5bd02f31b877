"""A stand-in for a shop of Shopify, written from its published schema."""
