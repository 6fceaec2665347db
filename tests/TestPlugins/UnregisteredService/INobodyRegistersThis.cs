namespace UnregisteredService;

internal interface INobodyRegistersThis;
