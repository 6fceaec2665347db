using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Plugins;
using Speedup.Onnx.Abstractions;

namespace Speedup.Onnx;

/// <summary>Finds the operator of a module type or function. It does not change after it is built, and can be used from several threads.</summary>
public sealed class OnnxOperators
{
    private readonly ClaimTable<Type, IOnnxOperator> _modules = new();
    private readonly ClaimTable<FunctionKey, IOnnxOperator> _functions = new();

    /// <summary>Creates a table.</summary>
    /// <param name="own">Operators of the host, which win; they stay the caller's.</param>
    /// <param name="plugins">Plugins, of which the first that is for a module type or function has it; may be left out.</param>
    /// <exception cref="SpeedupException">Two operators of the host are for the same (SPD9305).</exception>
    public OnnxOperators(IEnumerable<IOnnxOperator> own, IPluginCatalog? plugins = null)
    {
        ArgumentNullException.ThrowIfNull(own);
        foreach (IOnnxOperator op in own)
        {
            if (!Claim(op, null))
                throw new SpeedupException(
                    OnnxCodes.ClaimedTwice,
                    $"{op.GetType()} is for a module type or function that another operator of the host is for. Register one."
                );
        }
        foreach ((string plugin, IOnnxOperator op) in plugins?.FindServices<IOnnxOperator>() ?? [])
            Claim(op, plugin);
    }

    /// <summary>All module types with an operator, each with the plugin that it comes from; null for the host.</summary>
    public IEnumerable<(Type Type, IOnnxOperator Operator, string? Plugin)> Modules => _modules.Granted;

    /// <summary>All functions with an operator, each with the plugin that it comes from; null for the host.</summary>
    public IEnumerable<(FunctionKey Function, IOnnxOperator Operator, string? Plugin)> Functions => _functions.Granted;

    /// <summary>The operator of a module type: that of the type itself, or of its nearest base class; null where there is none.</summary>
    public IOnnxOperator? Find(Type moduleType)
    {
        ArgumentNullException.ThrowIfNull(moduleType);
        for (Type? type = moduleType; type is not null; type = type.BaseType)
        {
            IOnnxOperator? op = _modules.Find(type);
            if (op is null && type.IsGenericType)
                op = _modules.Find(type.GetGenericTypeDefinition());
            if (op is not null)
                return op;
        }
        return null;
    }

    /// <summary>The operator of a function, whichever of its overloads it is; null where there is none.</summary>
    public IOnnxOperator? Find(MethodInfo function) => _functions.Find(FunctionKey.Of(function));

    private bool Claim(IOnnxOperator op, string? plugin)
    {
        bool all = true;
        foreach (Type type in op.ModuleTypes)
            all &= _modules.TryClaim(type, op, plugin, out _);
        foreach (FunctionKey key in op.Functions)
            all &= _functions.TryClaim(key, op, plugin, out _);
        return all;
    }
}
