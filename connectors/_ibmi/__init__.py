"""IBM i (AS/400) whatever road leads to it: its SQL, its catalogue, its journal."""
