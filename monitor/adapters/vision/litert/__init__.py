"""MediaPipe's two pose networks on LiteRT: the same results as MediaPipe's own task, without MediaPipe.

A detector finds a person in the letterboxed picture (224 x 224): the midpoint of the hips, and a point as far away as the body
reaches.  These two span a square, turned with the body.  The landmark network sees it at 256 x 256 and gives 39 landmarks, their
heat maps, a probability of body per pixel, landmarks in metres, and the probability that a person is present.  Six of the 39
are not parts of the body: two of those span the square in which the person is looked for in the next frame of a stream, where the
detector then need not run.  In a stream the landmarks are smoothed, the less the faster they move.

The order of the steps and their constants are those of MediaPipe's graph (PoseLandmarker, 0.10.33): Bazarevsky et al. 2020
(BlazePose), Liu et al. 2016 (SSD), Casiez et al. 2012 (One-Euro filter).
"""
