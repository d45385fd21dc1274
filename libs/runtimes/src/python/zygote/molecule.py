"""Renders a SMILES by RDKit, the same way for targets and for renders."""
import re

from rdkit import Chem, DataStructs
from rdkit.Chem import rdMolDescriptors
from rdkit.Chem.Draw import rdMolDraw2D

import chemistry_log
import images

max_length = 2000
max_atoms = 500

_label = re.compile(r'^(?:canonical\s+|isomeric\s+)?smiles\s*[:=]\s*', re.IGNORECASE)
_extended = re.compile(r'^\S+ +\|[^|]*\|')
_attachment_point = re.compile(r'\[(?:R\d*|X\d+|Ar)\]')


def render(job):
    """The head of the answer to a job, and the PNG."""
    smiles = _smiles_in(job['code'])
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


def _smiles_in(code):
    """The first SMILES of the text, with its ChemAxon extension if it has one, without a label, quotes and a name."""
    line = next((line.strip() for line in code.splitlines() if line.strip()), '')
    unlabeled = _label.sub('', line).strip('`"\' ')
    found = _extended.match(unlabeled)
    return found.group() if found else unlabeled.split(maxsplit=1)[0] if unlabeled else ''


def _png_of(molecule, width, height):
    canvas = rdMolDraw2D.MolDraw2DCairo(width, height)
    rdMolDraw2D.PrepareAndDrawMolecule(canvas, molecule)
    canvas.FinishDrawing()
    return canvas.GetDrawingText()


def _read(smiles):
    """The molecule, or None with the reason."""
    chemistry_log.clear()
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is not None:
        return molecule, ''
    reason = f'RDKit cannot read the SMILES: {chemistry_log.complaint() or "it is not a SMILES"}'
    return None, f'{reason}{_hint(smiles)}'


def _hint(smiles):
    if '>' in smiles:
        return '\nThis is a reaction: write one molecule, e.g. its product.'
    if _attachment_point.search(smiles):
        return '\nWrite an attachment point as a numbered wildcard, and its label behind the SMILES: [*:1]c1ccccc1 |$R1;;;;;;$|'
    return ''


def _facts(molecule, reference):
    wanted = _smiles_in(reference) if reference else ''
    target = Chem.MolFromSmiles(wanted) if wanted else None
    similarity = None if target is None else DataStructs.TanimotoSimilarity(_fingerprint(molecule), _fingerprint(target))
    return {'canonical': Chem.MolToSmiles(molecule), 'similarity': similarity}


def _fingerprint(molecule):
    return rdMolDescriptors.GetMorganFingerprintAsBitVect(molecule, 2, nBits=2048)


def _failed(kind, message):
    return {'status': 'failed', 'kind': kind, 'message': message}, b''
