"""Drafts of rubrics: brought in from a file, put right, published. The only writers of drafts.

    edits        what may be done to a draft, as pure functions Blueprint -> Blueprint
    wellformed   what keeps a draft from being stored at all
    change       carries an edit out: locks the draft, asks for the right, and that the person saw it as it stands
    history      who changed what, and the draft as it was before
    documents    a file becomes a document with its drafts
    checklist    what stops publishing, and what is only worth knowing
    publishing   publishes or deletes a draft

Every writer asks for the right of `by` again and refuses: `Refused` with a sentence, `Conflict` (a 409) where the draft
is not as the person saw it, PermissionDenied for what the person may not.
"""
