"""The words of older job trackers over the verbs: programs written for those go on with few changes."""
