"""Small faults put into the code one at a time: those that no test notices show what is not tested."""
