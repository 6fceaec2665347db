namespace Speedup.Core.Models;

/// <summary>Changes the objects to which delegates are bound, as <c>conv.forward</c> is to <c>conv</c>.</summary>
internal static class BoundDelegate
{
    /// <summary>A delegate like another one, with one of its functions bound to another object of the same type.</summary>
    /// <param name="function">A delegate of one or more functions.</param>
    /// <param name="position">Which of them.</param>
    /// <param name="target">The object.</param>
    public static Delegate Rebind(Delegate function, int position, object target)
    {
        Delegate[] all = function.GetInvocationList();
        all[position] = Delegate.CreateDelegate(function.GetType(), target, all[position].Method);
        return Delegate.Combine(all)!;
    }
}
