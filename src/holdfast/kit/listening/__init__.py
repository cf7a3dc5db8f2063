"""What people say in public: read by rules, copies counted once, ranked by what it may do."""
