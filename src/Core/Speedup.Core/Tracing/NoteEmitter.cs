using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Emits what re-emitted code calls to tell where it is.</summary>
/// <param name="rewriter">Handle of the rewriter.</param>
internal sealed class NoteEmitter(IntPtr rewriter)
{
    private DynamicMethod? _outcome;
    private DynamicMethod? _index;
    private DynamicMethod? _call;

    /// <summary>Takes the id of a condition and the number of its outcome.</summary>
    public DynamicMethod Outcome => _outcome ??= Emit(nameof(TraceBridge.NoteOutcome), typeof(int), typeof(int));

    /// <summary>Takes an index and the id of the condition that it is.</summary>
    public DynamicMethod Index => _index ??= Emit(nameof(TraceBridge.NoteIndex), typeof(long), typeof(int));

    /// <summary>Takes the id of a call.</summary>
    public DynamicMethod Call => _call ??= Emit(nameof(TraceBridge.NoteCall), typeof(int));

    private DynamicMethod Emit(string name, params Type[] parameters)
    {
        MethodInfo bridge = typeof(TraceBridge).GetMethod(name)!;
        var note = new DynamicMethod(name, typeof(void), parameters, typeof(TraceBridge).Module, true);
        ILGenerator il = note.GetILGenerator();
        il.Emit(OpCodes.Ldc_I8, rewriter.ToInt64());
        il.Emit(OpCodes.Conv_I);
        CallSignature.LoadArguments(il, parameters.Length);
        il.Emit(OpCodes.Call, bridge);
        il.Emit(OpCodes.Ret);
        return note;
    }
}
