"""Renders a SMILES by RDKit, the same way for targets and for renders."""
import sys

from rdkit import Chem, DataStructs, rdBase
from rdkit.Chem import rdMolDescriptors
from rdkit.Chem.Draw import rdMolDraw2D

import images

max_length = 2000
max_atoms = 500


def render(job):
    """The head of the answer to a job, and the PNG."""
    text = job['code'].strip()
    smiles = text.split()[0] if text else ''
    if not smiles:
        return _failed('empty', 'There is no SMILES in the code.')
    if len(smiles) > max_length:
        return _failed('too-large', f'The SMILES has {len(smiles)} characters: at most {max_length} are rendered.')
    molecule, error = _read(smiles)
    if molecule is None:
        return _failed('syntax', error)
    if molecule.GetNumAtoms() == 0:
        return _failed('empty', 'The SMILES has no atoms.')
    if molecule.GetNumAtoms() > max_atoms:
        return _failed('too-large', f'The molecule has {molecule.GetNumAtoms()} atoms: at most {max_atoms} are rendered.')
    width, height = job['width'], job['height']
    head, content = images.png(_png_of(molecule, width, height), width, height)
    return {'status': 'ok', 'remarks': [], **head, 'molecule': _facts(molecule, job['reference'])}, content


def _png_of(molecule, width, height):
    canvas = rdMolDraw2D.MolDraw2DCairo(width, height)
    rdMolDraw2D.PrepareAndDrawMolecule(canvas, molecule)
    canvas.FinishDrawing()
    return canvas.GetDrawingText()


def _read(smiles):
    """The molecule, or None with RDKit's error."""
    rdBase.LogToPythonStderr()
    log = _Log()
    stderr, sys.stderr = sys.stderr, log
    try:
        molecule = Chem.MolFromSmiles(smiles)
    finally:
        sys.stderr = stderr
    return molecule, log.error() if molecule is None else ''


class _Log:
    def __init__(self):
        self.text = ''

    def write(self, text):
        self.text = (self.text + text)[:4096]

    def flush(self):
        pass

    def error(self):
        lines = [line.split('] ', 1)[-1].strip() for line in self.text.splitlines()]
        errors = [line for line in lines if line and not line.startswith('~') and line != '^']
        return f'RDKit cannot read the SMILES: {" ".join(errors) or "it is not a SMILES"}'


def _facts(molecule, reference):
    target = Chem.MolFromSmiles(reference.split()[0]) if reference and reference.split() else None
    similarity = None if target is None else DataStructs.TanimotoSimilarity(_fingerprint(molecule), _fingerprint(target))
    return {'canonical': Chem.MolToSmiles(molecule), 'similarity': similarity}


def _fingerprint(molecule):
    return rdMolDescriptors.GetMorganFingerprintAsBitVect(molecule, 2, nBits=2048)


def _failed(kind, message):
    return {'status': 'failed', 'kind': kind, 'message': message}, b''
