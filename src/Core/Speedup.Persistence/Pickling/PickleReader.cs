namespace Speedup.Persistence.Pickling;

/// <summary>
/// A pickle machine that runs nothing: opcodes and globals are on a list, and the result is plain values with <see cref="TensorRef"/> for
/// tensors. Modelled on the rules of torch's weights-only unpickler (torch/_weights_only_unpickler.py), with bounds and caps added.
/// </summary>
internal sealed class PickleReader(PickleCursor cursor, FileLimits limits, LoadBudget budget, FileErrors errors)
{
    private const byte LastProtocol = 5;
    private static readonly object True = true;
    private static readonly object False = false;
    private readonly PickleStack _stack = new(limits, budget, errors);

    /// <summary>The storages that it refers to, in the order of the references.</summary>
    public List<StorageRef> Storages { get; } = [];

    /// <summary>Reads the pickle that fills all bytes.</summary>
    /// <returns>null, bool, long, double, string, or one of the pickle values.</returns>
    public static object? Read(byte[] bytes, FileLimits limits, LoadBudget budget, FileErrors errors)
    {
        var cursor = new PickleCursor(bytes, 0, budget, errors);
        object? result = new PickleReader(cursor, limits, budget, errors).Read();
        return cursor.AtEnd ? result : throw errors.BadPickle($"bytes follow its end at position {cursor.Position}");
    }

    /// <summary>Reads one pickle, and leaves the cursor behind it.</summary>
    /// <returns>null, bool, long, double, string, or one of the pickle values.</returns>
    public object? Read()
    {
        ReadProtocol();
        for (byte opcode = cursor.ReadByte(); opcode != PickleOpcode.Stop; opcode = cursor.ReadByte())
        {
            if (!TryConstant(opcode) && !TryContainer(opcode) && !TryMemo(opcode) && !TryBuild(opcode))
                throw errors.Create(
                    FileCodes.ForbiddenOpcode,
                    $"its pickle uses opcode 0x{opcode:x2} at position {cursor.Position - 1}, which tensors do not need. Nothing was run. "
                        + "Save a state_dict or masks with torch.save."
                );
        }
        object? result = _stack.Pop();
        if (_stack.Count != 0)
            throw errors.BadPickle($"{_stack.Count} values are left over at its end");
        return result;
    }

    private void ReadProtocol()
    {
        if (cursor.ReadByte() != PickleOpcode.Proto)
            throw errors.BadPickle("it does not start with a protocol");
        byte protocol = cursor.ReadByte();
        if (protocol is < 2 or > LastProtocol)
            throw errors.Create(
                FileCodes.ForbiddenOpcode,
                $"its pickle has protocol {protocol}; 2 to {LastProtocol} are read. Save without pickle_protocol."
            );
    }

    private bool TryConstant(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None:
                _stack.Push(null);
                return true;
            case PickleOpcode.True or PickleOpcode.False:
                _stack.Push(opcode == PickleOpcode.True ? True : False);
                return true;
            case PickleOpcode.UInt8:
                PushNumber((long)cursor.ReadByte());
                return true;
            case PickleOpcode.UInt16:
                PushNumber((long)cursor.ReadUInt16());
                return true;
            case PickleOpcode.Int32:
                PushNumber((long)cursor.ReadInt32());
                return true;
            case PickleOpcode.Long1:
                PushNumber(cursor.ReadLong());
                return true;
            case PickleOpcode.Float:
                PushNumber(cursor.ReadDouble());
                return true;
            case PickleOpcode.Frame:
                cursor.ReadFrame();
                return true;
            default:
                return TryText(opcode);
        }
    }

    private bool TryText(byte opcode)
    {
        string? text = opcode switch
        {
            PickleOpcode.Unicode => cursor.ReadText(),
            PickleOpcode.ShortUnicode => cursor.ReadShortText(),
            PickleOpcode.LongUnicode => cursor.ReadLongText(),
            _ => null,
        };
        if (text is not null)
            _stack.Push(text);
        return text is not null;
    }

    private bool TryContainer(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                _stack.Push(PickleMark.Instance);
                return true;
            case PickleOpcode.EmptyTuple:
                _stack.Push(PickleTuple.Empty);
                return true;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                _stack.Push(Tuple(opcode - PickleOpcode.Tuple1 + 1));
                return true;
            case PickleOpcode.Tuple:
                PickleTuple tuple = Tuple(_stack.CountToMark());
                _stack.PopMark();
                _stack.Push(tuple);
                return true;
            case PickleOpcode.EmptyList:
                budget.Charge(3 * LoadBudget.Small);
                _stack.Push(new PickleList());
                return true;
            case PickleOpcode.EmptyDict:
                budget.Charge(2 * LoadBudget.Small);
                _stack.Push(new PickleDict());
                return true;
            default:
                return TryFill(opcode);
        }
    }

    private bool TryFill(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Append:
                _stack.MoveToList(1, marked: false);
                return true;
            case PickleOpcode.Appends:
                _stack.MoveToList(_stack.CountToMark(), marked: true);
                return true;
            case PickleOpcode.SetItem:
                _stack.MoveToDict(2, marked: false);
                return true;
            case PickleOpcode.SetItems:
                _stack.MoveToDict(_stack.CountToMark(), marked: true);
                return true;
            default:
                return false;
        }
    }

    private bool TryMemo(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Put:
                _stack.Remember(cursor.ReadByte());
                return true;
            case PickleOpcode.LongPut:
                _stack.Remember(cursor.ReadUInt32());
                return true;
            case PickleOpcode.Memoize:
                _stack.Remember();
                return true;
            case PickleOpcode.Get:
                _stack.Recall(cursor.ReadByte());
                return true;
            case PickleOpcode.LongGet:
                _stack.Recall(cursor.ReadUInt32());
                return true;
            default:
                return false;
        }
    }

    private bool TryBuild(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Global:
                _stack.Push(PickleGlobals.Get(cursor.ReadLine(), cursor.ReadLine(), budget, errors));
                return true;
            case PickleOpcode.StackGlobal:
                string name = _stack.Pop<string>();
                _stack.Push(PickleGlobals.Get(_stack.Pop<string>(), name, budget, errors));
                return true;
            case PickleOpcode.PersistentId:
                StorageRef storage = TensorArguments.Storage(_stack.Pop<PickleTuple>(), budget, errors);
                budget.Charge(LoadBudget.Slot);
                Storages.Add(storage);
                _stack.Push(storage);
                return true;
            case PickleOpcode.Reduce:
                PickleTuple arguments = _stack.Pop<PickleTuple>();
                _stack.Push(PickleCalls.Reduce(_stack.Pop<GlobalToken>(), arguments, budget, errors));
                return true;
            case PickleOpcode.Build:
                object? state = _stack.Pop();
                PickleCalls.Build(_stack.Peek<PickleDict>(), state, errors);
                return true;
            default:
                return false;
        }
    }

    private void PushNumber(object number)
    {
        budget.Charge(LoadBudget.Small);
        _stack.Push(number);
    }

    private PickleTuple Tuple(int count)
    {
        budget.Charge(LoadBudget.Small);
        return new PickleTuple(_stack.PopArray(count));
    }
}
