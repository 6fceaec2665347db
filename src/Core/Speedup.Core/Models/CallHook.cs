using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Runs an action before each <c>call</c> of a module, until it is disposed. Who calls <c>forward</c> itself goes past TorchSharp's hooks.</summary>
internal sealed class CallHook : IDisposable
{
    private static readonly Type[] Signature = [typeof(Action<nn.Module>)];
    private readonly object _remover;

    private CallHook(object remover) => _remover = remover;

    /// <summary>Adds a hook; null where the module is of a class that runs none.</summary>
    /// <param name="module">The module. It holds the action.</param>
    /// <param name="action">What to run; what it throws reaches the caller.</param>
    public static CallHook? TryAdd(nn.Module module, Action action) =>
        module.GetType().GetMethod("register_forward_pre_hook", Signature) is { } register
        && Invoke(register, module, (Action<nn.Module>)(_ => action())) is { } remover
            ? new CallHook(remover)
            : null;

    /// <inheritdoc/>
    public void Dispose() => Invoke(_remover.GetType().GetMethod("remove", Type.EmptyTypes)!, _remover);

    private static object? Invoke(MethodInfo method, object target, params object[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
