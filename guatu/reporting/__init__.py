"""What responsible units hand in (填报): reports, their due days, and the checks on them."""
