"""Sitting, standing, moving or away, and how long without a break.

Decides: the activity of a sample from the thigh (Skotte 2014, cut 45 deg), else from the head's height between two calibrated
levels; the state that counts, after dwell times; bouts, breaks and their distribution.
Terms: sedentary bout and break as in the SBRN consensus (Tremblay 2017); usual bout duration, alpha: Chastin & Granat 2010.
Evidence of a break: a minute or more observed in another activity.  Unseen time is a separate kind: it pauses a run and is never
attributed to another activity.
Refuses: hips without knees from the side are unknown, never sitting; what is assumed is marked as assumed.
The camera sees one desk, not the whole day and not energy expenditure.
"""
