class Broken(Exception):
    pass


try:
    try:
        {}["missing"]
    except KeyError as error:
        raise Broken("second") from error
except Broken:
    raise RuntimeError("third")
