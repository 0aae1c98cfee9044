"""The body in one picture: landmarks, from where they are seen, whether to believe them, whether the trunk rests, the outline.

Decides: is this a person that can be judged, from which view, and is the trunk still.
Evidence: 33 landmarks of a pose model, their proportions, the silhouette that comes with them, and a second
look after an empty picture.  The model's own visibility is not asked: it is 1.0 on the legs of a table.
View: the turn of the shoulders and hips; lordosis and trunk lean show from the side only, head and shoulder proxies from the
front only, so each signal names the view that it needs (angles: ISO 11226:2000).
Refuses: bodies whose proportions no person has, heads outside the picture, shapes off the silhouette; every refusal is a code.
Units: picture heights, x right, y down; x was multiplied by width / height at the door, else every angle is wrong.
"""
