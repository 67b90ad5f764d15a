"""Who is who: whether two records speak of one person, how sure that is and why. Not what becomes of the answer: that is the importing app's."""
