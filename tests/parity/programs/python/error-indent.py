if True:
print("no")
