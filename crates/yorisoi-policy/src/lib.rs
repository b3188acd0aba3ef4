//! What would be best under limits? Hulls, spend paths, prices and policy trees.
