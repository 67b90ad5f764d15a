import "./styles/print.css";
