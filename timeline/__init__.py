"""The phases of a trading day, one file each, in the order in which `model.step` calls them."""
