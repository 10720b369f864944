throw { code: 7, text: "not an Error" };
