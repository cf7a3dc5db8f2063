"""What `holdfast bench` is made of: the machine, a server to compare with, and the runs."""
