"""What any career model is made of; the models stand in folders of their own."""
