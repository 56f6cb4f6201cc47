"""Times datatrove's n-gram decontamination and MinHash signatures on JSONL texts, one process.

python3 peer.py TEXTS LIMIT_BYTES BENCHMARK... prints one JSON object. Needs the packages datatrove,
spacy, numpy and xxhash. Reading the file is not timed.
"""

import json
import sys
import time

from datatrove.pipeline.decont.n_grams import NGramsDecontConfig, NGramsDecontFilter
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
from datatrove.data import Document
from datatrove.utils.hashing import HashConfig
from datatrove.utils.text import ngrams, simplify_text

FIELDS = ("question", "problem", "prompt", "answer", "solution", "canonical_solution")


def rows(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def read(path, limit):
    texts, size = [], 0
    for row in rows(path):
        texts.append(row["text"])
        size += len(row["text"].encode())
        if size >= limit:
            break
    return texts, size


def main():
    texts, size = read(sys.argv[1], int(sys.argv[2]))
    check = NGramsDecontFilter("/nonexistent", NGramsDecontConfig(n_grams=12, find_query_ngrams=True))
    check._index_hashes = {}
    for path in sys.argv[3:]:
        for row in rows(path):
            for field in FIELDS:
                words = check.tokenizer.word_tokenize(
                    simplify_text(str(row.get(field, "")), check.config.norm_config)
                )
                for words in ngrams(words, 12):
                    check._index_hashes[check.hash_func(" ".join(words))] = path
    start = time.perf_counter()
    flagged = sum(check.filter(Document(text, str(at))) is not True for at, text in enumerate(texts))
    decontamination = time.perf_counter() - start

    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=14, hashes_per_bucket=8)
    signature = MinhashDedupSignature("/tmp", config)
    start = time.perf_counter()
    for text in texts:
        shingles = signature.get_shingles(text)
        if shingles.size:
            signature.get_signature(shingles)
    minhash = time.perf_counter() - start
    print(json.dumps({
        "documents": len(texts),
        "bytes": size,
        "flagged": flagged,
        "decontamination_s": decontamination,
        "minhash_s": minhash,
    }))


main()
