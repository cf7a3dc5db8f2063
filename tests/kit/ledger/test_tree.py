"""The tree agrees with the published RFC 6962 / 9162 vectors and with a second implementation."""

from __future__ import annotations

from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.ledger import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The reference inputs and roots that every Certificate Transparency implementation is tested with.
REFERENCE = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LEAVES = [leaf_hash(entry) for entry in REFERENCE]


def some_leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


def hexes(hashes: list[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


@pytest.mark.parametrize("size", range(9))
def test_the_reference_roots_come_out(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_reference_audit_paths_come_out(index: int, size: int) -> None:
    proof = inclusion_proof(LEAVES[:size], index)
    assert hexes(proof) == INCLUSION[index, size]
    assert verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("older", "newer"), CONSISTENCY)
def test_the_reference_consistency_proofs_come_out(older: int, newer: int) -> None:
    proof = consistency_proof(LEAVES[:newer], older)
    assert hexes(proof) == CONSISTENCY[older, newer]
    assert verify_consistency(
        older, newer, bytes.fromhex(ROOTS[older]), bytes.fromhex(ROOTS[newer]), proof
    )


def test_the_example_of_the_standard_with_seven_leaves_holds() -> None:
    """RFC 9162 section 2.1.5 names the nodes a..l of a tree of seven and the paths over them."""
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741 - the letters of the standard
    seven = LEAVES[:7]
    assert root_of(seven) == node_hash(k, l)
    assert inclusion_proof(seven, 0) == [b, h, l]
    assert inclusion_proof(seven, 3) == [c, g, l]
    assert inclusion_proof(seven, 4) == [f, j, k]
    assert inclusion_proof(seven, 6) == [i, k]
    assert consistency_proof(seven, 3) == [c, d, g, l]
    assert consistency_proof(seven, 4) == [l]
    assert consistency_proof(seven, 6) == [i, j, k]


def test_every_proof_of_every_small_tree_verifies_and_no_altered_one_does() -> None:
    leaves = some_leaves(20)
    for size in range(1, 21):
        root = root_of(leaves[:size])
        for index in range(size):
            proof = inclusion_proof(leaves[:size], index)
            assert verify_inclusion(leaves[index], index, size, proof, root)
            assert not verify_inclusion(leaves[index], (index + 1) % size, size, proof, root) or (
                size == 1
            )
            assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
            assert not verify_inclusion(leaves[index], index, size, [*proof, root], root)
            if proof:
                assert not verify_inclusion(leaves[index], index, size, proof[:-1], root)
        for older in range(size + 1):
            earlier = root_of(leaves[:older])
            proof = consistency_proof(leaves[:size], older)
            assert verify_consistency(older, size, earlier, root, proof)
            assert not verify_consistency(older, size, leaf_hash(b"x"), root, proof)
            assert not verify_consistency(older, size, earlier, root, [*proof, root])
            if older not in (0, size):
                assert not verify_consistency(older, size, earlier, leaf_hash(b"x"), proof)
                assert not verify_consistency(older, size, earlier, root, proof[:-1])


def test_questions_outside_the_tree_are_refused() -> None:
    leaves = some_leaves(3)
    for index in (-1, 3):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_proof(leaves, index)
        assert not verify_inclusion(leaves[0], index, 3, [], root_of(leaves))
    with pytest.raises(ValueError, match="no earlier tree"):
        consistency_proof(leaves, 4)
    assert not verify_consistency(4, 3, EMPTY_ROOT, EMPTY_ROOT, [])
    with pytest.raises(ValueError, match="full subtrees"):
        Frontier(3, [leaves[0]])
    with pytest.raises(ValueError, match="multiple of 32"):
        Frontier.from_bytes(1, b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier(1, [b"short"])


@given(st.integers(0, 300))
def test_a_stored_frontier_goes_on_where_it_stopped(size: int) -> None:
    leaves = some_leaves(size + 5)
    tree = Frontier()
    for leaf in leaves[:size]:
        tree.append(leaf)
    resumed = Frontier.from_bytes(size, tree.to_bytes())
    for leaf in leaves[size:]:
        resumed.append(leaf)
    assert resumed.root() == root_of(leaves)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70), st.data())
def test_pymerkle_computes_the_same_roots_and_accepts_our_positions(
    entries: list[bytes], data: st.DataObject
) -> None:
    theirs = pymerkle.InmemoryTree()
    for entry in entries:
        theirs.append_entry(entry)
    leaves = [leaf_hash(entry) for entry in entries]
    size = len(leaves)
    assert theirs.get_root() == root_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = theirs.prove_inclusion(index + 1)
    assert sorted(proof.path[1:]) == sorted(inclusion_proof(leaves, index))
    pymerkle.verify_inclusion(leaves[index], root_of(leaves), proof)
    older = data.draw(st.integers(1, size))
    pymerkle.verify_consistency(
        root_of(leaves[:older]), root_of(leaves), theirs.prove_consistency(older, size)
    )
    assert verify_consistency(
        older, size, theirs.get_root(older), theirs.get_root(), consistency_proof(leaves, older)
    )


@pytest.mark.parametrize("size", [1, 2, 3, 511, 512, 513, 2000])
def test_a_proof_is_as_short_as_the_height_of_the_tree(size: int) -> None:
    """Twenty hashes, 640 bytes, are the height of a tree of a million."""
    leaves = some_leaves(size)
    longest = max(len(inclusion_proof(leaves, index)) for index in (0, size // 2, size - 1))
    assert longest == (size - 1).bit_length()
    assert 32 * (1_000_000 - 1).bit_length() == 640


def test_leaf_and_node_hashes_cannot_be_confused() -> None:
    left, right = sha256(b"l").digest(), sha256(b"r").digest()
    assert leaf_hash(left + right) != node_hash(left, right)
