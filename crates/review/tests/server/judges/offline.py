"""Runs a STAC judge without the network: schemas of STAC itself come from pystac's copies, the project's own from the catalog, and a schema that nobody
here has accepts everything (its name is printed once).

Arguments: what to run, and its arguments. `items URL TOKEN` validates every item of a search; anything else is `stac-api-validator`.
"""
import json
import pathlib
import sys

import pystac
import requests

COPIES = pathlib.Path(pystac.__file__).parent / "validation" / "jsonschemas"
OWN = pathlib.Path(__file__).parents[4] / "catalog" / "schema" / "plumbline.json"
unknown = set()
get = requests.get


def copy(url):
    """The text of a schema, by its address."""
    path = url.split("#")[0].split("://", 1)[1]
    name = path.rsplit("/", 1)[1]
    if path.startswith("schemas.stacspec.org/v1.1.0/"):
        return (COPIES / "stac-spec" / "v1.1.0" / name).read_text()
    if path.startswith("geojson.org/schema/"):
        return (COPIES / "geojson" / name).read_text()
    if path.startswith("plumbline.example/"):
        return OWN.read_text()
    if url not in unknown:
        unknown.add(url)
        print(f"no copy of {url}: it accepts everything", file=sys.stderr)
    return "{}"


def is_local(url):
    return "127.0.0.1" in url or "localhost" in url


def answer(text):
    response = requests.Response()
    response.status_code = 200
    response._content = text.encode()
    response.headers["Content-Type"] = "application/json"
    return response


def offline(url, *args, **kwargs):
    return get(url, *args, **kwargs) if is_local(url) else answer(copy(url))


requests.get = offline

import urllib.request  # noqa: E402

urlopen = urllib.request.urlopen


class Opened:
    """What `urlopen` gives back."""

    status = 200

    def __init__(self, text):
        self.text = text.encode()

    def read(self, *_):
        return self.text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


def open_offline(request, *args, **kwargs):
    url = request if isinstance(request, str) else request.full_url
    return urlopen(request, *args, **kwargs) if is_local(url) else Opened(copy(url))


urllib.request.urlopen = open_offline


def items(url, token):
    """Validates every item that a search finds, with stac-validator."""
    from stac_validator import stac_validator
    headers = {"Authorization": f"Bearer {token}"}
    page, faults, count = f"{url}search?limit=50", [], 0
    while page:
        found = get(page, headers=headers).json()
        for item in found["features"]:
            judge = stac_validator.StacValidate()
            count += 1
            if not judge.validate_dict(item):
                faults.append({"id": item["id"], "said": judge.message})
        page = next((link["href"] for link in found["links"] if link["rel"] == "next"), None)
    print(json.dumps({"items": count, "faults": faults}))
    sys.exit(1 if faults or not count else 0)


def client(url, token):
    """Searches with pystac-client."""
    from pystac_client import Client
    api = Client.open(url, headers={"Authorization": f"Bearer {token}"})
    everything = {(item.collection_id, item.id) for item in api.search(limit=4).items()}
    epochs = list(api.search(collections=["epochs"], sortby="-datetime").items())
    shed = list(api.search(filter={"op": "=", "args": [{"property": "plumbline:kind"}, "NO_PERMIT"]},
                           filter_lang="cql2-json").items())
    text = list(api.search(method="GET", filter="plumbline:kind = 'NO_PERMIT'", filter_lang="cql2-text").items())
    june = list(api.search(collections=["epochs"], datetime="2025-06-01/2025-06-30").items())
    near = list(api.search(collections=["epochs"], bbox=[114.4, 37.0, 114.6, 37.2]).items())
    collections = [collection.id for collection in api.get_collections()]
    print(json.dumps({"all": len(everything), "epochs": [item.id for item in epochs], "shed": len(shed), "text": len(text),
                      "june": len(june), "near": len(near), "collections": collections}))


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what in ("items", "client"):
        globals()[what](*rest)
    else:
        from stac_api_validator.__main__ import main
        sys.argv = ["stac-api-validator", *sys.argv[1:]]
        main()
