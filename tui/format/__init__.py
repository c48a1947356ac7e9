"""Values as text: times, sizes, counts, figures that move."""
