"""The body in one picture: landmarks, view, plausibility, stillness of the trunk, outline of the back.

Decides: whether this is a person who can be measured, from which view, and whether the trunk is still.
Evidence: 33 landmarks of a pose model, their proportions, the silhouette that comes with them, and a second
look after an empty picture.  The model's own visibility is not used: it is 1.0 on the legs of a table.
View: the turn of the shoulders and hips; lordosis and trunk lean show from the side only, head and shoulder proxies from the
front only, so each signal names the view that it needs (angles: ISO 11226:2000).
Refuses: bodies of impossible proportions, heads outside the picture, landmarks off the silhouette; every refusal is a code.
Units: picture heights, x right, y down; x was multiplied by width / height in the adapter, else every angle is wrong.
"""
