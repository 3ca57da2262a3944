"""What was promised: one class per instrument, each the sole writer of its state, and the register that holds them."""
