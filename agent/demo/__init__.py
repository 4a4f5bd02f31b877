"""What the demo needs: an ERP, the reference shop, throw-away certificates."""
