"""What the people whose data it is may ask for: to have it, correct it, restrict it, erase it."""
