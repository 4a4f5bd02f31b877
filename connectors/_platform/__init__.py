"""What the adapters of shop platforms share: the way of a delivery, places of variants, trees."""
