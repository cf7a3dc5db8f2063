"""US NHTSA: safety recalls of vehicles, tyres, child seats and equipment."""
