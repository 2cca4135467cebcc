"""What words and short phrases are: dates, titles, places, employers, degrees."""
