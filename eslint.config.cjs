// Only rules about mistakes: prettier sees to the form.
module.exports = [
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {
                console: "readonly",
                document: "readonly",
                odoo: "readonly",
                setTimeout: "readonly",
                window: "readonly",
            },
        },
        rules: {
            eqeqeq: "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unused-vars": "error",
            "no-var": "error",
            "prefer-const": "error",
        },
    },
];
