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
    length = len(smiles.split(maxsplit=1)[0])
    if length > max_length:
        return _failed('too-large', f'The SMILES has {length} characters: at most {max_length} are rendered.')
    molecule, remarks, error = _read(smiles)
    if molecule is None:
        return _failed('syntax', error)
    if molecule.GetNumAtoms() == 0:
        return _failed('empty', 'The SMILES has no atoms.')
    if molecule.GetNumAtoms() > max_atoms:
        return _failed('too-large', f'The molecule has {molecule.GetNumAtoms()} atoms: at most {max_atoms} are rendered.')
    width, height = job['width'], job['height']
    head, content = images.png(_png_of(molecule, width, height), width, height)
    return {'status': 'ok', 'remarks': remarks, **head, 'molecule': _facts(molecule, job['reference'])}, content


def _smiles_in(code):
    """The first SMILES of the text, with its ChemAxon extension if it has one, without a label, quotes and a name."""
    line = next((line.strip() for line in code.splitlines() if line.strip()), '')
    unlabeled = _label.sub('', line).strip('`"\' ')
    found = _extended.match(unlabeled)
    return found.group() if found else unlabeled.split(maxsplit=1)[0] if unlabeled else ''


def _png_of(molecule, width, height):
    # An extension may hold coordinates, of which nothing may be visible.
    molecule.RemoveAllConformers()
    canvas = rdMolDraw2D.MolDraw2DCairo(width, height)
    rdMolDraw2D.PrepareAndDrawMolecule(canvas, molecule)
    canvas.FinishDrawing()
    return canvas.GetDrawingText()


def _read(smiles):
    """The molecule with what was left out; or None, and the reason."""
    plain, *extension = smiles.split(maxsplit=1)
    if extension and len(smiles) <= max_length:
        molecule = _parsed(smiles)
        if molecule is not None:
            return molecule, [], ''
    remarks = ['The extension of the SMILES is left out: RDKit cannot read it.'] if extension else []
    chemistry_log.clear()
    molecule = _parsed(plain)
    if molecule is not None:
        return molecule, remarks, ''
    reason = f'RDKit cannot read the SMILES: {chemistry_log.last_error() or "it is not a SMILES"}'
    return None, [], f'{reason}{_hint(plain)}'


def _parsed(smiles):
    try:
        return Chem.MolFromSmiles(smiles)
    except (RuntimeError, ValueError, OverflowError):
        return None


def _hint(smiles):
    if '>' in smiles:
        return '\nThis is a reaction: write one molecule, e.g. its product.'
    if _attachment_point.search(smiles):
        return '\nWrite an attachment point as a numbered wildcard, and its label behind the SMILES: [*:1]c1ccccc1 |$R1;;;;;;$|'
    return ''


def _facts(molecule, reference):
    wanted = _smiles_in(reference) if reference else ''
    target = _read(wanted)[0] if wanted else None
    similarity = None if target is None else DataStructs.TanimotoSimilarity(_fingerprint(molecule), _fingerprint(target))
    return {'canonical': Chem.MolToSmiles(molecule), 'similarity': similarity}


def _fingerprint(molecule):
    return rdMolDescriptors.GetMorganFingerprintAsBitVect(molecule, 2, nBits=2048)


def _failed(kind, message):
    return {'status': 'failed', 'kind': kind, 'message': message}, b''
