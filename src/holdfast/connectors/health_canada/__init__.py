"""Canada: recalls and safety alerts of Health Canada, the CFIA and Transport Canada."""
